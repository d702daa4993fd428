import { StoreUnavailable } from '#service/couch/client.ts';

/** What an answer of a store's says. @throws {StoreUnavailable} where it breaks off or is no JSON */
export async function readAnswer<T>(response: Response): Promise<T> {
	try {
		return (await response.json()) as T;
	} catch (error) {
		throw new StoreUnavailable('the store broke off its answer, or it is no JSON', {
			cause: error
		});
	}
}

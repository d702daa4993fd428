import { StoreUnavailable } from '#service/couch/client.ts';

/** The body of an answer of a store's. @throws {StoreUnavailable} where it breaks off */
export async function readBytes(response: Response): Promise<ArrayBuffer> {
	try {
		return await response.arrayBuffer();
	} catch (error) {
		throw new StoreUnavailable('the store broke off its answer', { cause: error });
	}
}

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

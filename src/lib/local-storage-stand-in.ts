/**
 * PouchDB tells other tabs of a write by changing an entry of `localStorage`, which a worker does not have.
 * This stands in for it: a change goes over a BroadcastChannel and arrives in the other workers of the
 * origin as the `storage` event that PouchDB listens for. To be loaded before PouchDB, which looks for
 * `localStorage` once.
 */

const WRITES = 'outlay-writes';

/** @param tell is called with the key of every entry that changes. */
function standIn(tell: (key: string) => void): Storage {
	const entries = new Map<string, string>();
	const set = (key: string, value: unknown): boolean => {
		entries.set(key, String(value));
		tell(key);
		return true;
	};
	const methods = {
		getItem: (key: string) => entries.get(key) ?? null,
		setItem: set,
		removeItem: (key: string) => void entries.delete(key)
	};
	return new Proxy(methods as unknown as Storage, {
		get: (_, key) => Reflect.get(methods, key) ?? entries.get(String(key)),
		set: (_, key, value) => set(String(key), value),
		has: (_, key) => entries.has(String(key)),
		deleteProperty: (_, key) => entries.delete(String(key)) || true
	});
}

if (!('localStorage' in globalThis)) {
	const others = new BroadcastChannel(WRITES);
	others.onmessage = ({ data }: MessageEvent<string>) => {
		// A worker has no `StorageEvent` either; PouchDB reads the key alone.
		globalThis.dispatchEvent(Object.assign(new Event('storage'), { key: data }));
	};
	Object.defineProperty(globalThis, 'localStorage', {
		value: standIn((key) => others.postMessage(key))
	});
}

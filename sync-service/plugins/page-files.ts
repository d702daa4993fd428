import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Milliseconds between two looks at the folder for files that were not there before. */
const LOOK_AGAIN_MS = 1_000;

/** The files of the built pages, by their address from the root, such as `_app/version.json`. */
export interface PageFiles {
	/** The file a path of an address stands for: itself, or its prerendered page. */
	find(path: string): string | undefined;
}

/**
 * Knows the files of a folder by name, so that only what is really there can ever be asked for. A
 * new build is noticed when somebody asks for one of its files.
 */
export function listPageFiles(folder: string): PageFiles {
	let files = new Set<string>();
	let lookedAt = 0;

	function findKnown(path: string): string | undefined {
		const candidates = path === '' ? ['index.html'] : [path, `${path}.html`];
		return candidates.find((name) => files.has(name));
	}

	return {
		find(path) {
			const known = findKnown(path);
			if (known !== undefined || Date.now() - lookedAt < LOOK_AGAIN_MS) return known;
			files = readFiles(folder);
			lookedAt = Date.now();
			return findKnown(path);
		}
	};
}

function readFiles(folder: string): Set<string> {
	try {
		const found = readdirSync(folder, { recursive: true, withFileTypes: true });
		// A folder may have the name of a page; compressed copies are for the negotiation, not for asking by name.
		const plain = found.filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name));
		const paths = plain.map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
		return new Set(paths.map((path) => path.replaceAll(sep, '/')));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
		throw error;
	}
}

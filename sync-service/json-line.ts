/**
 * The line on which a value begins in JSON text, from 1; of what is not there, the line of what it is missing in.
 *
 * @param text valid JSON.
 * @param path the keys and indices that lead to the value.
 */
export function findLine(text: string, path: readonly (string | number)[]): number {
	/** Where each value that encloses the current one is, the outermost first. */
	const inside: { key: string | number; isList: boolean }[] = [];
	let best = { depth: -1, line: 1 };
	let key: string | undefined;
	let line = 1;

	/** A value begins here: is it on the way to the one that is looked for? */
	function meet(): void {
		const keys = inside.map((one) => one.key).slice(0);
		const isOnTheWay = keys.length <= path.length && keys.every((one, at) => one === path[at]);
		if (isOnTheWay && keys.length > best.depth) best = { depth: keys.length, line };
	}

	for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|\n|[^\s"{}[\],:]+/gs)) {
		const around = inside.at(-1);
		if (token === '\n') line++;
		else if (token === ':') {
			if (around !== undefined && key !== undefined) around.key = key;
		} else if (token === ',') {
			if (around?.isList && typeof around.key === 'number') around.key++;
			key = undefined;
		} else if (token === '{' || token === '[') {
			meet();
			const isList = token === '[';
			inside.push({ key: isList ? 0 : '', isList });
			key = undefined;
		} else if (token === '}' || token === ']') {
			inside.pop();
			key = undefined;
		} else if (around !== undefined && !around.isList && key === undefined) {
			key = JSON.parse(token) as string;
			// A field is found where its name is.
			around.key = key;
			meet();
		} else meet();
	}
	return best.line;
}

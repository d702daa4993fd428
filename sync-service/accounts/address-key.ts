import { isIPv6 } from 'node:net';

/**
 * What an address is counted as: itself, but an IPv6 one with its whole /64, which is one household or one
 * machine, and an IPv4 one that is written as IPv6 as IPv4.
 */
export function toAddressKey(address: string): string {
	const [plain = ''] = address.split('%');
	if (!isIPv6(plain)) return plain;
	const groups = toGroups(plain);
	if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
		const [high = 0, low = 0] = groups.slice(6);
		return [high >> 8, high & 255, low >> 8, low & 255].join('.');
	}
	return `${groups
		.slice(0, 4)
		.map((group) => group.toString(16))
		.join(':')}::/64`;
}

/** The eight groups of an IPv6 address. */
function toGroups(address: string): number[] {
	// The last two may be written as IPv4.
	const hexadecimal = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
		const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
		return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
	});
	const [head = '', tail] = hexadecimal.split('::');
	const parse = (text: string) =>
		text === '' ? [] : text.split(':').map((part) => parseInt(part, 16));
	const [first, last] = [parse(head), parse(tail ?? '')];
	const gap = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
	return [...first, ...Array<number>(gap).fill(0), ...last];
}

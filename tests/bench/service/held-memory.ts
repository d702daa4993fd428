import { readFile } from 'node:fs/promises';
import { setTimeout as pauseFor } from 'node:timers/promises';

/**
 * Resident memory that a Node process holds, in bytes: what is left after its garbage has been collected.
 * Linux only: it is read from /proc.
 *
 * @param inspector the port of its inspector, by which it is asked to collect.
 */
export async function heldMemory(pid: number, inspector: number): Promise<number> {
	const targets = await fetch(`http://127.0.0.1:${inspector}/json/list`);
	const [target] = (await targets.json()) as { webSocketDebuggerUrl: string }[];
	const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
	await new Promise((resolve) => socket.addEventListener('open', resolve));
	let least = Infinity;
	for (let id = 1; id <= 3; id++) {
		socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
		await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
		// Pages are given back to the system behind it.
		await pauseFor(1_000);
		least = Math.min(least, await residentMemory(pid));
	}
	socket.close();
	return least;
}

async function residentMemory(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

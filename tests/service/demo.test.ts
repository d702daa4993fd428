import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { SignedIn } from '#contract/account.ts';

test('the demonstration serves a year, and signs a browser in to it', async () => {
	const script = join(import.meta.dirname, '..', 'demo', 'serve.ts');
	const demo = spawn(process.execPath, [script], {
		env: { PATH: process.env.PATH ?? '', PORT: '0' },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	try {
		const [line] = (await once(createInterface(demo.stdout), 'line')) as [string];
		const address = /at (\S+)\/demo$/.exec(line)?.[1] ?? '';
		const visit = await fetch(`${address}/demo`, { redirect: 'manual' });
		expect(visit.headers.get('location')).toBe('/');
		const cookie = visit.headers
			.getSetCookie()
			.map((text) => text.split(';')[0])
			.join('; ');
		const session = await fetch(`${address}/api/session`, { headers: { cookie } });
		const { ledger } = SignedIn.parse(await session.json());
		const info = await fetch(`${address}/sync/${ledger.id}`, { headers: { cookie } });
		expect(((await info.json()) as { doc_count: number }).doc_count).toBeGreaterThan(300);
	} finally {
		demo.kill();
		await once(demo, 'exit');
	}
});

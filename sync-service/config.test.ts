import { expect, test } from 'vitest';
import { readConfig } from '#service/config.ts';

function readSentence(environment: Record<string, string>): string {
	const verdict = readConfig(environment);
	return verdict.ok ? '' : verdict.sentences.join('\n');
}

test('nothing set is a working configuration', () => {
	expect(readConfig({})).toEqual({
		ok: true,
		config: {
			port: 8090,
			host: '127.0.0.1',
			metrics: undefined,
			logLevel: 'info',
			dataDir: './data',
			couchUrl: undefined,
			publicUrl: undefined,
			trustProxy: 0,
			signUpMode: 'open',
			signUpsPerHour: 30,
			quota: { documents: 200_000, bytes: 1024 ** 3 },
			releaseUnusedDays: 60
		}
	});
});

test('an empty variable counts as unset', () => {
	expect(readConfig({ PORT: '', COUCH_URL: ' ' })).toEqual(readConfig({}));
});

test('values are read as what they mean', () => {
	const verdict = readConfig({
		PORT: '0',
		COUCH_URL: 'https://user:secret@couch.example.org/',
		PUBLIC_URL: 'https://outlay.example.org/',
		TRUST_PROXY: 'true'
	});
	expect(verdict).toMatchObject({
		config: { port: 0, publicUrl: 'https://outlay.example.org', trustProxy: 1 }
	});
});

test.each([
	['PORT', 'http'],
	['PORT', '65536'],
	['PORT', '-1'],
	['PORT', '80.5'],
	['HOST', 'two words'],
	['LOG_LEVEL', 'loud'],
	['METRICS_PORT', '65536'],
	['METRICS_HOST', 'two words'],
	['PEERS', 'http://outlay'],
	['PEERS', 'outlay:8092, :8092'],
	['PEER_PORT', '0'],
	['PEER_HOST', 'two words'],
	['PEER_SECRET', 'hidden'],
	['COUCH_URL', 'couch.example.org'],
	['COUCH_URL', 'ftp://user:hidden@couch.example.org'],
	['COUCH_URL', 'https://us%er:hidden@couch.example.org'],
	['COUCH_URL', 'https://user:hidden@couch.example.org/?q=1'],
	['PUBLIC_URL', 'outlay.example.org'],
	['PUBLIC_URL', 'https://outlay.example.org/app'],
	['PUBLIC_URL', 'https://me:hidden@outlay.example.org'],
	['TRUST_PROXY', 'yes'],
	['TRUST_PROXY', '10.0.0.0/33'],
	['SIGN_UPS_PER_HOUR', '0'],
	['QUOTA_DOCUMENTS', '0'],
	['QUOTA_BYTES', '1 GB']
])('%s=%s is refused in a sentence with an example', (name, value) => {
	const sentence = readSentence({ [name]: value });
	expect(sentence).toMatch(new RegExp(`^${name} must be .* such as ${name}=\\S+.*\\.$`));
	expect(sentence).not.toContain('hidden');
});

test('every wrong variable has its own sentence', () => {
	expect(readSentence({ PORT: 'x', PUBLIC_URL: 'y' }).split('\n')).toHaveLength(2);
});

test.each(['1', '2', 'loopback', '10.0.0.0/8, 192.168.1.7', '::1', 'fd00::/8'])(
	'TRUST_PROXY=%s is taken',
	(value) => {
		expect(readSentence({ TRUST_PROXY: value })).toBe('');
	}
);

const PEER_SECRET = 'hidden, and longer than 32 characters';

test('peers are names with ports, and a secret', () => {
	const verdict = readConfig({ PEERS: 'outlay-peers:9000, [fd00::2]', PEER_SECRET });
	expect(verdict).toMatchObject({
		config: {
			peers: {
				names: [
					{ host: 'outlay-peers', port: 9000 },
					{ host: 'fd00::2', port: 8092 }
				],
				port: 8092,
				secret: { text: PEER_SECRET }
			}
		}
	});
});

test.each([
	[{}, /^PEERS needs PEER_SECRET or PEER_SECRET_FILE/],
	[{ PEER_SECRET, PEER_SECRET_FILE: '/etc/secret' }, /^Only one of PEER_SECRET and/]
])('peers with %o are refused', (environment, sentence) => {
	expect(readSentence({ PEERS: 'outlay-peers', ...environment })).toMatch(sentence);
	expect(readSentence({ PEERS: 'outlay-peers', ...environment })).not.toContain('hidden');
});

test('without PEERS nothing listens to any', () => {
	expect(readConfig({ PEER_SECRET })).toEqual(readConfig({}));
});

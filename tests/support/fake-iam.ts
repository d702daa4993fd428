import { randomBytes } from 'node:crypto';

/** The part of IBM Cloud's IAM that gives tokens for an API key. */
export interface FakeIam {
	readonly apiKey: string;
	/** How long new tokens live, in seconds. */
	tokenSeconds: number;
	/** Answers 503 to everything. */
	isAway: boolean;
	/** Every token that was given, the newest last. */
	tokens: string[];
	/** How often it was asked. */
	asked: number;
	/** Ends every token there is. */
	revoke(): void;
	/** Answers `POST /identity/token`. */
	answer(form: string): { status: number; body: unknown };
	/** Whether an `Authorization` header holds a token that lives. */
	lets(authorization: string | undefined): boolean;
}

export function makeFakeIam(tokenSeconds: number): FakeIam {
	const ends = new Map<string, number>();
	const iam: FakeIam = {
		apiKey: `key-${randomBytes(16).toString('hex')}`,
		tokenSeconds,
		isAway: false,
		tokens: [],
		asked: 0,
		revoke: () => ends.clear(),
		answer(form) {
			iam.asked++;
			if (iam.isAway) return { status: 503, body: 'upstream connect error' };
			const asked = new URLSearchParams(form);
			if (asked.get('grant_type') !== 'urn:ibm:params:oauth:grant-type:apikey') {
				return { status: 400, body: { errorCode: 'BXNIM0109E', errorMessage: 'grant_type' } };
			}
			if (asked.get('apikey') !== iam.apiKey) {
				// As bad as it could be: it says what it was sent.
				const errorMessage = `Provided API key ${asked.get('apikey')} could not be found.`;
				return { status: 400, body: { errorCode: 'BXNIM0415E', errorMessage } };
			}
			const token = `eyJ.${randomBytes(24).toString('base64url')}.${randomBytes(8).toString('hex')}`;
			ends.set(token, performance.now() + iam.tokenSeconds * 1000);
			iam.tokens.push(token);
			const body = {
				access_token: token,
				refresh_token: 'not_supported',
				token_type: 'Bearer',
				expires_in: iam.tokenSeconds,
				expiration: Math.round(Date.now() / 1000 + iam.tokenSeconds)
			};
			return { status: 200, body };
		},
		lets(authorization = '') {
			const until = ends.get(authorization.replace(/^Bearer /, ''));
			return until !== undefined && performance.now() < until;
		}
	};
	return iam;
}

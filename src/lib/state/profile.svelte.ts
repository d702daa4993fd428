/** What did not work. `problem` is a code with a sentence in `messages.ts`. */
export interface ProfileFailure {
	ok: false;
	problem: string;
	/** After how many seconds it is worth trying again, where that is known. */
	waitSeconds?: number;
}

/** What a sign-in or sign-out comes to. */
export type ProfileResult = { ok: true } | ProfileFailure;

/** What a sign-up comes to. The recovery codes are told this once and kept nowhere. */
export type SignUpResult = { ok: true; recoveryCodes: string[] } | ProfileFailure;

/** What the composition root does for the profile. */
export interface ProfileActions {
	signUp(email: string, password: string, invite?: string): Promise<SignUpResult>;
	signIn(email: string, password: string): Promise<ProfileResult>;
	recover(email: string, code: string, newPassword: string): Promise<ProfileResult>;
	addToProfile(): Promise<void>;
	keepApart(): Promise<void>;
	signOut(localCopy: 'keep' | 'remove'): Promise<ProfileResult>;
	deleteAccount(password: string): Promise<ProfileResult>;
	part(): Promise<void>;
	checkSession(): Promise<void>;
}

/** A question to the person: what shall become of entries that belong to no profile? */
export interface Adoption {
	email: string;
	/** How many entries there are. */
	entries: number;
}

/** What is known of the profile. */
export interface ProfileKnown {
	/** `undefined` = the open ledger was never bound. */
	email: string | undefined;
	signedIn: boolean;
	adoption?: Adoption;
	/** Whether the open ledger is a demonstration. */
	demonstration?: boolean;
}

/** Who the open ledger belongs to, and the ways in and out. */
export class ProfileState {
	#email = $state<string>();
	#signedIn = $state(false);
	#adoption = $state.raw<Adoption>();
	#demonstration = $state(false);
	#actions: ProfileActions;

	constructor(actions: ProfileActions) {
		this.#actions = actions;
	}

	/** The email of the profile that the open ledger belongs to; `undefined` = never bound. */
	get email(): string | undefined {
		return this.#email;
	}

	/** Whether there is a session, as far as is known: offline, the last known answer stands. */
	get signedIn(): boolean {
		return this.#signedIn;
	}

	/** Set when a sign-in met entries that belong to no profile: the person must say where they go. */
	get adoption(): Adoption | undefined {
		return this.#adoption;
	}

	/** Whether what is open are made-up entries, in a ledger of their own. */
	get demonstration(): boolean {
		return this.#demonstration;
	}

	/** Makes a profile; what was entered on this device goes along. */
	signUp(email: string, password: string, invite?: string): Promise<SignUpResult> {
		return this.#actions.signUp(email, password, invite);
	}

	signIn(email: string, password: string): Promise<ProfileResult> {
		return this.#actions.signIn(email, password);
	}

	/** Signs in with a recovery code, and sets a new password. */
	recover(email: string, code: string, newPassword: string): Promise<ProfileResult> {
		return this.#actions.recover(email, code, newPassword);
	}

	/** Answers {@link adoption}: the entries go along into the profile's ledger. */
	addToProfile(): Promise<void> {
		return this.#actions.addToProfile();
	}

	/** Answers {@link adoption}: they stay on this device, the profile's ledger opens beside them. */
	keepApart(): Promise<void> {
		return this.#actions.keepApart();
	}

	/** Ends the session, and keeps or removes the copy of the ledger on this device. */
	signOut(localCopy: 'keep' | 'remove'): Promise<ProfileResult> {
		return this.#actions.signOut(localCopy);
	}

	/** Deletes the profile and its ledger in the cloud; the copy here stays, on this device only. */
	deleteAccount(password: string): Promise<ProfileResult> {
		return this.#actions.deleteAccount(password);
	}

	/** The copy here belongs to no profile any more and is on this device only. For who is signed out. */
	part(): Promise<void> {
		return this.#actions.part();
	}

	/** Asks the service who is signed in, and under which email. */
	checkSession(): Promise<void> {
		return this.#actions.checkSession();
	}

	/** Takes what the composition root knows. */
	take(known: ProfileKnown): void {
		this.#email = known.email;
		this.#signedIn = known.signedIn;
		this.#adoption = known.adoption;
		this.#demonstration = known.demonstration ?? false;
	}
}

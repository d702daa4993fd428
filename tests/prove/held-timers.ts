/**
 * From here on no timer of the thread goes off. What the app does a while later (noting a step) would
 * depend on how busy the machine is: a run does it when its plan lets time pass.
 */
export function holdTimers(): void {
	Object.assign(globalThis, { setTimeout: () => 0, clearTimeout: () => {} });
}

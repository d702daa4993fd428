/** What the clock on this device's wall shows. */
export interface WallClock {
	/** Minutes since midnight. */
	minute: number;
	/** How far it is ahead of UTC, in minutes. */
	offset: number;
}

export function readWallClock(now = new Date()): WallClock {
	return { minute: now.getHours() * 60 + now.getMinutes(), offset: -now.getTimezoneOffset() };
}

// Nobody's entries are in the build: this page opens through the fallback, offline too.
export const prerender = false;
export const ssr = false;

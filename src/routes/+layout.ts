// Every page without a parameter is in the build as HTML: it paints before any code has arrived.
export const prerender = true;

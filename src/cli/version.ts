import manifest from "../../package.json" with { type: "json" };

/** The version of the package, as `npm` knows it. */
export const VERSION: string = manifest.version;

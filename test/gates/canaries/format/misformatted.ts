export const half = "one half";

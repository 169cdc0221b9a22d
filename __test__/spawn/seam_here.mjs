// Whether there is a spawn of ours here; the reason if there is not.

export const missing = process.platform === 'linux' ? undefined : 'only Linux has a spawn of ours';

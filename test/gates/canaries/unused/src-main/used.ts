export function used(): void {}
export function unusedExport(): void {}

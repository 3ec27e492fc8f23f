export {};
//# sourceMappingURL=snapshots.js.map
export {};
//# sourceMappingURL=pruning.js.map
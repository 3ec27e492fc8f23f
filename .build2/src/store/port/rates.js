export {};
//# sourceMappingURL=rates.js.map
export {};
//# sourceMappingURL=scenarios.js.map
export {};
//# sourceMappingURL=reported-balances.js.map
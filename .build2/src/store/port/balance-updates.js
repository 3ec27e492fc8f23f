export {};
//# sourceMappingURL=balance-updates.js.map
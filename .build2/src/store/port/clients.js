export {};
//# sourceMappingURL=clients.js.map
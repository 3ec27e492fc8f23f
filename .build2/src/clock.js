/** The time of the machine. */
export const systemClock = () => new Date();
//# sourceMappingURL=clock.js.map
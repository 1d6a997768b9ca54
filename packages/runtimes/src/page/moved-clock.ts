/** Runs in the page: from now on its clock is two hours ahead, and its timers know nothing of it. */
export function moveClock(): void {
  const now = Date.now.bind(Date);
  Date.now = () => now() + 7_200_000;
}

import { RangeSet } from "../ranges.ts";
import type { Journal } from "./journal.ts";

/** Books that last as long as the object: a test's server may be killed, this is not. */
export function memoryJournal(epoch = 0): Journal {
  const sessions = new Map<string, RangeSet>();
  return {
    epoch,
    enter(session, number) {
      const set = sessions.get(session) ?? new RangeSet();
      sessions.set(session, set);
      return set.add(number);
    },
    orders: (session) => sessions.get(session)?.ranges ?? [],
    close: () => {},
  };
}

import { platformContestants } from "../suite/platform-contestants.ts";
import { drive, type Assignment } from "./driver.ts";

// What workerd runs: a worker that plays everything within the one request that brings its assignment.

interface Worker {
  fetch(request: { json(): Promise<unknown> }): Promise<unknown>;
}

const worker: Worker = {
  async fetch(request) {
    const assignment = (await request.json()) as Assignment;
    await drive(assignment, platformContestants(assignment.runtime));
    return new Response();
  },
};

// oxlint-disable-next-line import/no-default-export -- where workerd looks for it
export default worker;

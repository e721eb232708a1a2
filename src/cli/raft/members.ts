/** The commands `raft member`, `transfer` and `snapshot`: who is in a cluster, who leads it, and how long its log is. */
import type { Command } from "commander";
import { addAsking, addressOf, asClient, type AskOptions } from "./common.js";
import { memberIdOf } from "./config.js";

const MEMBER_EXAMPLE = `
Example, a new member in the place of a lost one:
  specwire raft serve 4 --data data4 --join --listen 10.0.0.4:7101
  specwire raft member add 4 10.0.0.4:7101
  specwire raft member promote 4
  specwire raft member remove 2`;

/** Adds the group `member`. */
export function addMember(group: Command): void {
  const members = group
    .command("member")
    .description("add, promote, demote and remove members, one change at a time")
    .addHelpText("after", MEMBER_EXAMPLE);
  addAsking(
    members
      .command("add")
      .description("add a member without a vote, which then catches up")
      .argument("<member>", "an id that no member ever had")
      .argument("<host:port>", "where the others reach it"),
  ).action((text: string, address: string, options: AskOptions) => {
    const memberId = memberIdOf("member", text);
    return done({ added: memberId }, options, (client, bounds) => client.addLearner({ memberId, address }, bounds));
  });
  for (const [op, description] of [
    ["promote", "give a member a vote, once it has caught up"],
    ["demote", "take the vote of a member"],
    ["remove", "take a member out of the cluster"],
  ] as const) {
    addAsking(members.command(op).description(description).argument("<member>", "its id")).action(
      (text: string, options: AskOptions) => {
        const memberId = memberIdOf("member", text);
        return done({ [`${op}d`]: memberId }, options, (client, bounds) => client[op](memberId, bounds));
      },
    );
  }
}

/** Adds the command `transfer`. */
export function addTransfer(group: Command): void {
  addAsking(
    group
      .command("transfer")
      .description("hand leadership to another member")
      .argument("[member]", "its id; by default the one with the longest log"),
  )
    .addHelpText("after", "\nExample:\n  specwire raft transfer 2")
    .action((text: string | undefined, options: AskOptions) => {
      const to = text === undefined ? undefined : memberIdOf("member", text);
      return done({ transferred: to ?? null }, options, (client, bounds) => client.transfer(to, bounds));
    });
}

/** Adds the command `snapshot`. */
export function addSnapshot(group: Command): void {
  addAsking(
    group
      .command("snapshot")
      .description("have a member take a snapshot of its state, and shorten its log")
      .argument("<member>", "its id in the file, or its host:port"),
  )
    .addHelpText("after", "\nExample:\n  specwire raft snapshot 1")
    .action(async (text: string, options: AskOptions) => {
      await asClient(options, async (client, bounds, cluster) => {
        const index = await client.snapshot(addressOf(cluster, text), bounds);
        console.log(options.json === true ? JSON.stringify({ index }) : `snapshot up to ${index}`);
      });
    });
}

async function done(
  what: Readonly<Record<string, number | null>>,
  options: AskOptions,
  action: (...args: Parameters<Parameters<typeof asClient>[1]>) => Promise<void>,
): Promise<void> {
  await asClient(options, action);
  if (options.json === true) return console.log(JSON.stringify(what));
  for (const [name, member] of Object.entries(what)) console.log(member === null ? name : `${name} ${member}`);
}

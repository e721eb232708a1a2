/** The commands `dps member` and `dps transfer`: who belongs to a cluster, and who leads it. */
import type { Command } from "commander";
import { memberIdOf } from "../raft/config.js";
import { addAsking, asClient, type AskOptions, type ClientWork } from "./common.js";

const EXAMPLE = `
A server whose folder is lost never comes back as the same member. Another one takes its place.

Example:
  specwire dps serve --config dps4.toml          # member = 4 and joining = true, instead of members
  specwire dps member add 4 10.0.0.4:7100
  specwire dps member promote 4
  specwire dps member remove 2`;

const CHANGES = [
  ["promote", "give a member a vote, once it has caught up"],
  ["demote", "take the vote of a member"],
  ["remove", "take a member out of the cluster"],
] as const;

/** Adds the command `member`. */
export function addMember(group: Command): void {
  const members = group
    .command("member")
    .description("add, promote, demote and remove members, one change at a time")
    .addHelpText("after", EXAMPLE);
  addAsking(
    members
      .command("add")
      .description("add a member without a vote, which then catches up")
      .argument("<member>", "an id that no member ever had")
      .argument("<host:port>", "where the others reach it"),
  ).action((text: string, address: string, options: AskOptions) => {
    const memberId = memberIdOf("member", text);
    return done({ added: memberId }, options, ({ client, bounds }) => client.addLearner({ memberId, address }, bounds));
  });
  for (const [name, description] of CHANGES) {
    addAsking(members.command(name).description(description).argument("<member>", "its id")).action(
      (text: string, options: AskOptions) => {
        const memberId = memberIdOf("member", text);
        const change = ({ client, bounds }: ClientWork): Promise<void> =>
          name === "remove" ? client.removeMember(memberId, bounds) : client[name](memberId, bounds);
        return done({ [`${name}d`]: memberId }, options, change);
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
    .addHelpText("after", "\nExample:\n  specwire dps transfer 2")
    .action((text: string | undefined, options: AskOptions) => {
      const to = text === undefined ? undefined : memberIdOf("member", text);
      return done({ transferred: to ?? null }, options, ({ client, bounds }) => client.transfer(to, bounds));
    });
}

async function done(
  what: Readonly<Record<string, number | null>>,
  options: AskOptions,
  action: (work: ClientWork) => Promise<void>,
): Promise<void> {
  process.exitCode = await asClient(options, async (work) => {
    await action(work);
    for (const [name, member] of Object.entries(what)) work.say(member === null ? name : `${name} ${member}`);
    if (options.json === true) console.log(JSON.stringify(what));
    return 0;
  });
}

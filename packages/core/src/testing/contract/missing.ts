/** Says what `who` lacks of what a case needs, if anything; a capability is there unless stated. */
export function missing<Capability extends string>(
  who: string,
  needs: readonly Capability[] | undefined,
  capabilities: { readonly [key in Capability]?: boolean | undefined } = {},
): string | undefined {
  const lacking = needs?.filter((need) => capabilities[need] === false) ?? [];
  return lacking.length > 0 ? `${who} lacks ${lacking.join(" and ")}` : undefined;
}

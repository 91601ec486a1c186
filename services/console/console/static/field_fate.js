// What became of a kept item, why, and what can be done about it. Offered as fieldFate.
const TIMES = ["made_in_future", "made_too_long_ago"];
// Taken before with another content, or nothing that this page could say otherwise.
const NOT_TO_MEND = ["idempotency_key_reused", "kind_unknown", "missing_right"];
const NO_PHOTO_MORE = ["evidence_full", "withdrawn"];
const MATTER = ["not_in_standard", "condition_not_in_standard", "condition_needed", "condition_not_met", "out_of_scope"];
const FIELDS = { matter: "what", condition: "what", point: "place", text: "text" };

function byField(problem) {
  const named = [...(problem ?? "").matchAll(/(?:^|; )report\.(\w+)/g)].map(([, name]) => FIELDS[name]);
  return [...new Set(named.filter(Boolean))];
}

globalThis.fieldFate = {
  // "again": nothing was taken, so it goes out under its own id; "anew": it was taken and opens no
  // case, so that its id is used up; null where there is nothing to mend.
  mending({ kind, state, fate, mended }) {
    if (kind !== "report" || mended) return null;
    if (state === "refused") return NOT_TO_MEND.includes(fate?.code) ? null : "again";
    return state === "done" && fate?.reason ? "anew" : null;
  },
  // Its time is of no use any more: mended it has that of the mending.
  untimely: ({ fate }) => TIMES.includes(fate?.code),
  wantsPhoto: ({ state, trouble }) => state === "done" && Boolean(trouble) && !NO_PHOTO_MORE.includes(trouble),
  // Which parts of the form have to be changed: what, place, text.
  wrong({ fate }) {
    if (fate?.reason === "outside_district") return ["place"];
    if (fate?.reason === "not_understandable") return ["text"];
    if (MATTER.includes(fate?.reason)) return ["what"];
    return byField(fate?.problem);
  },
  state({ state, fate, mended }) {
    if (mended) return "mended";
    if (state !== "done") return state;
    if (fate.reason) return "rejected";
    return fate.status === "waiting" ? "reviewed" : fate.status;
  },
  why(item, words) {
    const code = item.trouble ?? item.fate?.code;
    const found = code ? (words[`code_${code}`] ?? words.code_other) : words[`reason_${item.fate?.reason}`];
    const parts = this.wrong(item).map((part) => words[`part_${part}`]);
    if (code !== "invalid" || parts.length === 0) return found ?? "";
    const list = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });
    return `${found} ${words.parts.replace("{parts}", list.format(parts))}`;
  },
};

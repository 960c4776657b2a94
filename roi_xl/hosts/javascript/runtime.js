// What the generated functions stand on: errors, blanks, powers and sums as in numpy, and the figures
// of a whole cash flow, which no traced expression holds.

class CellError {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
  toJSON() { return this.text; }
}
const ERRORS = Object.fromEntries(
  ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"].map(t => [t, new CellError(t)]));

function isError(value) { return value instanceof CellError; }

function pow(base, exponent) {
  if (base === 1 || exponent === 0) return 1;
  if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return 1;
  return Math.pow(base, exponent);
}

function sumBelow(count, term) {
  if (!Number.isFinite(count)) return 0;
  let total = 0;
  for (let month = 0; month < count; month++) total += term(month);
  return total;
}

function firstError(args) {
  for (const value of args) if (isError(value)) return value;
  return null;
}

// A result, or the error that stands for it: NaN and infinity only where the quantity has them.
function settle(rule, args, value) {
  value = Number(value);
  if (Number.isFinite(value)) return value;
  if (rule.blank && Number.isNaN(value)) return value;
  if (rule.never && value === Infinity) return value;
  if (rule.zeroBase && Number(rule.zeroBase(...args)) === 0) return ERRORS["#DIV/0!"];
  return ERRORS[rule.noResult];
}

function firstFilled(args) {
  for (const value of args) if (isError(value) || !Number.isNaN(value)) return value;
  return NaN;
}

function lookedUp(table, args) {
  const found = table[JSON.stringify(args.map(a => a === undefined ? null : a))];
  if (found === undefined) throw new Error("not in the embedded table: " + JSON.stringify(args));
  if (found === null) return NaN;
  return typeof found === "string" ? ERRORS[found] : found;
}

// The value beside the last start that is not above the one looked for.
function nearestBelow(starts, values, wanted) {
  let at = -1;
  while (at + 1 < starts.length && starts[at + 1] <= wanted) at++;
  return at < 0 ? ERRORS["#N/A"] : values[at];
}

function apply(rule, args) {
  if (rule.mode === "pick") return firstFilled(args);
  const error = firstError(args);
  if (error) return error;
  if (rule.mode === "table") return lookedUp(rule.table, args);
  if (rule.mode === "nearest") return nearestBelow(rule.starts, rule.values, args[0]);
  return settle(rule, args, rule.compute(...args));
}

// One argument of a function as a cell holds it: undefined, null and blank text are blank.
function argument(rule, raw) {
  if (raw === undefined || raw === null || (typeof raw === "string" && raw.trim() === "")) {
    return rule.required ? ERRORS["#VALUE!"] : rule.fallback === null ? NaN : rule.fallback;
  }
  if (isError(raw)) return raw;
  if (typeof raw === "string") {
    if (ERRORS[raw]) return ERRORS[raw];
    const found = rule.words ? rule.words[raw.normalize("NFKC").trim().toLowerCase()] : undefined;
    return found === undefined ? ERRORS["#VALUE!"] : found === null ? Infinity : found;
  }
  if (typeof raw !== "number" || rule.wordsOnly) return ERRORS["#VALUE!"];
  return within(rule, raw) ? raw : ERRORS["#NUM!"];
}

function within(rule, value) {
  if (Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) return rule.never && value > 0;
  if (rule.lower !== null && (rule.lowerOpen ? value <= rule.lower : value < rule.lower)) return false;
  if (rule.upper !== null && value > rule.upper) return false;
  return !(rule.whole && value !== Math.floor(value));
}

function callCell(rule, raws) {
  if (raws.length > rule.params.length) return ERRORS["#VALUE!"];
  return apply(rule, rule.params.map((p, i) => argument(p, raws[i])));
}

// --- figures of a whole cash flow ---

const overFlows = {
  flow_total(flow) {
    let total = 0;
    for (const x of flow) total += x;
    return total;
  },

  flow_payback(flow) {
    let total = 0, moved = 0, earned = false, unpaid = 0, owed = 0;
    flow.forEach((x, month) => {
      total += x;
      moved += Math.abs(x);
      earned = earned || x > 0;
      if (total < -REPAID_WITHIN * moved) { unpaid = month + 1; owed = -total; }
    });
    if (!earned || unpaid === flow.length) return Infinity;
    return unpaid === 0 ? 0 : unpaid - 1 + owed / flow[unpaid];
  },

  sign_changes(flow) {
    let changes = 0, last = 0;
    for (const x of flow) {
      const sign = x > 0 ? 1 : x < 0 ? -1 : 0;
      if (sign && last && sign !== last) changes++;
      if (sign) last = sign;
    }
    return changes;
  },

  flow_irr(flow) {
    if (!flow.every(Number.isFinite) || overFlows.sign_changes(flow) !== 1) return NaN;
    return Math.expm1(MONTHS_PER_YEAR * logRate(flow));
  },
};

// ln(1 + monthly rate) at which later and earlier payments are worth the same: Newton's steps on the
// logarithm of their ratio, kept inside a bracket. Weights are scaled so that none overflows.
function logRate(flow) {
  const signed = flow[flow.findLastIndex(x => x !== 0)] < 0 ? flow.map(x => -x) : flow;
  const worth = (u, wanted) => {
    let top = -Infinity;
    signed.forEach((x, m) => { if (wanted(x)) top = Math.max(top, -u * m + Math.log(Math.abs(x))); });
    let sum = 0, moment = 0;
    signed.forEach((x, m) => {
      if (!wanted(x)) return;
      const weight = Math.exp(-u * m + Math.log(Math.abs(x)) - top);
      sum += weight;
      moment += m * weight;
    });
    return [top + Math.log(sum), moment / sum];
  };
  let low = -WIDEST_LOG_RATE, high = WIDEST_LOG_RATE, u = 0;
  for (let step = 0; step < 300; step++) {
    const [later, laterMonths] = worth(u, x => x > 0);
    const [earlier, earlierMonths] = worth(u, x => x < 0);
    const gap = later - earlier;
    const newton = u + gap / (laterMonths - earlierMonths);
    if (gap > 0) low = u; else high = u;
    const short = Math.abs(newton - u) <= 1e-15 * Math.max(1, Math.abs(u));
    u = short || (newton > low && newton < high) ? newton : (low + high) / 2;
    if (short || high - low <= 1e-16) break;
  }
  return u;
}

// --- the case ---

// Inputs as the graph takes them, from what somebody typed: numbers, choices and texts by name.
function readInputs(typed) {
  const known = {};
  for (const [name, rule] of Object.entries(INPUT_RULES)) {
    const raw = typed[name];
    if (rule.isText) known[name] = raw === undefined || raw === "" ? null : raw;
    else known[name] = argument(rule, raw);
  }
  return Object.assign(known, DEFAULTS);
}

// Every result of a case by step name; `series` holds the monthly series.
function evaluateCase(typed) {
  const known = readInputs(typed);
  let series = null;
  for (const rule of STEPS) {
    if (rule.flow) {
      series = series || seriesOf(known);
      const error = firstError(NEEDED.map(name => known[name]));
      known[rule.name] = error || settle(rule, [], overFlows[rule.flow](series[rule.args[0]]));
    } else {
      known[rule.name] = apply(rule, rule.args.map(name => known[name]));
    }
  }
  const results = {};
  for (const rule of STEPS) results[rule.name] = known[rule.name];
  return {results, series: series || seriesOf(known), inputs: known};
}

function seriesOf(known) {
  const horizon = Number.isFinite(known.horizon_months) ? Math.floor(known.horizon_months) : 0;
  const found = {month: []};
  for (const rule of SERIES) found[rule.name] = [];
  const numbers = {};
  for (const name of NEEDED) numbers[name] = isError(known[name]) ? NaN : known[name];
  for (let month = 0; month <= horizon; month++) {
    const row = Object.assign({month}, numbers);
    found.month.push(month);
    for (const rule of SERIES) {
      row[rule.name] = Number(rule.compute(...rule.args.map(name => row[name])));
      found[rule.name].push(row[rule.name]);
    }
  }
  for (const [flow, total] of CUMULATIVE) {
    let sum = 0;
    found[total] = found[flow].map(x => (sum += x));
  }
  return found;
}

// One result alone, without the monthly series where it needs none.
function figureOf(typed, wanted) {
  const known = readInputs(typed);
  for (const rule of STEPS) {
    if (rule.flow) break;
    known[rule.name] = apply(rule, rule.args.map(name => known[name]));
    if (rule.name === wanted) return known[wanted];
  }
  return evaluateCase(typed).results[wanted];
}

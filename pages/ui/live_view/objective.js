/* What the penalty R(w) of a lane is written as. */

const SYMBOLS = {
  none: "0",
  l1: "Σ|w|",
  l2: "½Σw²",
  elastic_net: "Σ(α|w| + (1−α)½w²)",
  group_lasso: "Σ√|g|·‖w_g‖",
  sparse_group_lasso: "(αΣ|w| + (1−α)Σ√|g|·‖w_g‖)",
};

/** R(w) in symbols, for the lane the reader works on. */
export function penaltySymbol(history) {
  return SYMBOLS[history.spec.lanes[history.yours].penalty];
}

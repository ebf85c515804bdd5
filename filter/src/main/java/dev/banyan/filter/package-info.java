/// Sets of 64-bit key tags: what a subtree is interested in (§2.6). An [dev.banyan.filter.InterestFilter] may
/// answer "yes" wrongly, never "no" wrongly. What must not live here: anything that knows of nodes, links or
/// messages; threads, clocks, randomness, I/O.
///
/// A tag is any 64 bits. What keeps prefixes of tags ([dev.banyan.filter.QuotientFilter],
/// [dev.banyan.filter.TagSetCodec]) takes the leading bits as uniform: whoever has others, or strangers who choose
/// them, permutes them before a quotient filter; a set on the wire only gets longer. The others mix the bits themselves. Prefixes are long values whose trailing bits are zero,
/// and sets of them are ascending arrays, signed as Java sorts them.
@NullMarked
package dev.banyan.filter;

import org.jspecify.annotations.NullMarked;

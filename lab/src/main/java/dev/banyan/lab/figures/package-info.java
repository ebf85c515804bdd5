/// The paper's figures as data: what each is made of, and how its numbers are put together. Nothing is drawn here and no
/// file is written; trials run anywhere, in any order, side by side, and give the same rows.
///
/// A [dev.banyan.lab.figures.Figure] lists its trials. Most figures ([dev.banyan.lab.figures.SweepFigure]) put the same
/// configurations to several [dev.banyan.lab.figures.Contender]s, one curve each; a new curve is a new contender. A
/// figure of another kind, a table say, is another implementation of `Figure`.
@NullMarked
package dev.banyan.lab.figures;

import org.jspecify.annotations.NullMarked;

/// `banyan figures`: runs trials side by side, remembers those that are done, writes tables and pictures. What a figure
/// is made of is in [dev.banyan.sim.figures].
@NullMarked
package dev.banyan.lab.report;

import org.jspecify.annotations.NullMarked;

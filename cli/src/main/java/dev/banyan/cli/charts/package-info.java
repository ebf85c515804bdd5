/// Charts fit for print: a fixed width, marks that differ without colour, plain numbers at the axes; the same picture as PNG,
/// SVG and PDF. What is drawn is up to the caller; nothing here knows of figures or seeds.
@NullMarked
package dev.banyan.cli.charts;

import org.jspecify.annotations.NullMarked;

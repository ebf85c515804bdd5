/// Charts fit for print: a fixed width, marks that differ without colour, plain numbers at the axes; the same picture as PNG,
/// SVG and PDF. JFreeChart draws them, Batik writes the SVG and PDFBox the PDF; what is here says how they look. Nothing
/// here knows of figures or seeds.
@NullMarked
package dev.banyan.lab.charts;

import org.jspecify.annotations.NullMarked;

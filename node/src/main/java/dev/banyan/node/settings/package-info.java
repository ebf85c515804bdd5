/// What an operator can set about a node, and where it may be set: on the command line, in the environment, in a file.
/// Each setting is declared once, in [dev.banyan.node.settings.Setting]; flags, environment names, file keys, help and
/// checks follow from there.
@NullMarked
package dev.banyan.node.settings;

import org.jspecify.annotations.NullMarked;

package dev.banyan.protocol;

/// What a node is in the tree (§2.1). An observer is no member: it may survey routers (`banyan tree`) and nothing else.
public enum NodeKind {
  ROOT,
  ROUTER,
  CLIENT,
  OBSERVER;

  /// Whether nodes of this kind may have children.
  public boolean routes() {
    return this == ROOT || this == ROUTER;
  }
}

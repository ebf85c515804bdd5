package dev.banyan.lab.reference;

/// What the published simulator sends, by its own names. One packet is one hop.
public enum Packet {
  ROOT_JOIN("RootJoin"),
  JOIN("Join"),
  ASSIGN_PARENT("AssignParent"),
  ASSIGN_CHILD("AssignChild"),
  TASK("ExecFakeProgram"),
  KEY_UPDATE("KeyUpdate"),
  RESULT("Result");

  private final String publishedName;

  Packet(String publishedName) {
    this.publishedName = publishedName;
  }

  public String publishedName() {
    return publishedName;
  }
}

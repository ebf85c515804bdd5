package dev.banyan.lab.claims;

import java.util.List;

/// The twenty claims of the paper, in their order.
public final class Claims {

  private static final List<String> OWN = List.of(ClaimsFigure.NAME);
  private static final List<String> LIFE = List.of("2");

  private Claims() {}

  public static List<Claim> all() {
    return List.of(
        new Claim(
            1,
            "A multicast costs each node a small constant number of messages: 3 in a binary tree.",
            "1.1",
            "in a full binary tree of 31 nodes no node sends and receives more than 3 for a multicast to everybody",
            OWN,
            TreeVerdicts::messages),
        new Claim(
            2,
            "Clients go down to the router with the fewest, routers fill the top levels first.",
            "2.2",
            "each of 40 joins in a tree at rest ends where that rule says",
            OWN,
            TreeVerdicts::joins),
        new Claim(
            3,
            "Duplicate assignments and false parents leave a coherent tree.",
            "2.2, 2.4",
            "both occur, and afterwards every joiner has one parent and every check of the tree holds",
            OWN,
            TreeVerdicts::answers),
        new Claim(
            4,
            "Heartbeats are far outnumbered by multicasts, and weigh less at the root than below.",
            "2.4",
            "ten multicast frames or more for each heartbeat, and a smaller share of packets at the root than at the"
                + " lowest routers, by the paper's rules under W(4x2)",
            OWN,
            TrafficVerdicts::heartbeats),
        new Claim(
            5,
            "Culling restores balance, at the latest in the next few passes.",
            "2.5",
            "30 clients on one side are within the threshold after 4 passes or fewer (mean and one deviation)",
            OWN,
            TreeVerdicts::culling),
        new Claim(
            6,
            "Filters: false positives only, never a false negative.",
            "2.6",
            "every member of every filter passes, also after others were removed",
            OWN,
            TrafficVerdicts::filters),
        new Claim(
            7,
            "35 nodes join, 10% of them routers in expectation, and drop out until only the root is left.",
            "6.1, 7",
            "all 35 are in the tree at one moment, only the root at the end, in every run",
            LIFE,
            "banyan demo",
            TreeVerdicts::everybodyJoins),
        new Claim(
            8,
            "Every node that lost its parent found another with a single join request.",
            "7",
            "as many found another at once as had lost one, in every run with 35 nodes",
            LIFE,
            "banyan sim run joins-and-removals-with-hangs --seeds 100",
            TreeVerdicts::oneJoinRequest),
        new Claim(
            9,
            "Imbalance is 0 at the start and at the end, with spikes between.",
            "7, figure 2",
            "0 at both ends, and more than the rebalancing threshold (3) in between, in the mean of the runs",
            LIFE,
            TreeVerdicts::spikes),
        new Claim(
            10,
            "Clients move away from the root as routers join, all to three hops, and back to it.",
            "7, figure 3",
            "with six routers for 29 clients 1, then 3, then 1, never nearer in between; and in the random runs, too, the"
                + " greatest mean depth is 3",
            List.of("2", ClaimsFigure.NAME),
            TreeVerdicts::depths),
        new Claim(
            11,
            "More than 35 nodes could not be run: late heartbeats make nodes rejoin needlessly.",
            "6.1",
            "a needless rejoin at any size. Here in virtual time: what the protocol brings about, not what a machine can"
                + " bear; that is measured over TCP by another command",
            LIFE,
            "banyan bench scale",
            TreeVerdicts::limit),
        new Claim(
            12,
            "Packets at the root grow quadratically when flat, linearly in a tree; O(log n) is the wish.",
            "8.1, figure 4",
            "fitted exponents of the published simulator: 2 and 1, within 0.1",
            List.of("4"),
            TrafficVerdicts::growth),
        new Claim(
            13,
            "Balancing keeps the load of interior routers acceptable.",
            "8.1, figure 5",
            "with 32 routers or more, 95% of root and routers bear no more than half of what the root does, in the published"
                + " simulator and on the node that ships",
            List.of("5"),
            TrafficVerdicts::interior),
        new Claim(
            14,
            "Sharding never adds a packet.",
            "8.1",
            "for the same programs no host has more of them than without, in any run of the published simulator and on the"
                + " node that ships; there, all links together not even with what interest costs",
            OWN,
            TrafficVerdicts::sharding),
        new Claim(
            15,
            "A sharded star grows as the tree does, but does not match it.",
            "8.2, figure 6",
            "exponents within 0.1 of each other, and more packets at the star's root with the most workers",
            List.of("6"),
            TrafficVerdicts::star),
        new Claim(
            16,
            "Bloom filters at 0.1% take 2, 18, 175 KiB and 2 MiB; in a star memory grows quadratically.",
            "8.2, table 1",
            "sizes equal to the printed digit; exponent of the star's memory 1.9 or more",
            List.of("table1", "memory"),
            TrafficVerdicts::memory),
        new Claim(
            17,
            "Keys shared across distant subtrees undo sharding; with scale the probability tends to 1.",
            "8.3",
            "the share of other subtrees that an update at the root must go down to grows from size to size, to 0.95 or"
                + " more, where tasks come in proportion to workers",
            OWN,
            TrafficVerdicts::sharedKeys),
        new Claim(
            18,
            "Of the four workloads W(1x1) is the worst by far.",
            "8.3, figure 8",
            "most packets at the root and the first two routers, by 25% more than the next or more",
            List.of("8"),
            TrafficVerdicts::workloads),
        new Claim(
            19,
            "Reallocation saves 20 to 25% in total and at the root for most workloads, nothing for W(1x1).",
            "8.3.2, figure 9",
            "15 to 30% fewer of both for at least three of the four, less than 5% for W(1x1); against the same node"
                + " without it. The authors' code was never published: Banyan sends tasks to where their keys are",
            List.of("9"),
            TrafficVerdicts::reallocation),
        new Claim(
            20,
            "What is delivered is what plain unicast to everybody would deliver.",
            "7",
            "the deliveries of 1,000 records in a healthy tree are those of unicast to all who want them, each once",
            OWN,
            TreeVerdicts::unicast));
  }
}

package org.brokerhandoff.embeddedkafka;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A node's place in a cluster of combined brokers and controllers on this machine.
 *
 * @param nodeId from 1
 * @param clusterId Kafka's id of the cluster, the same for all members
 * @param controllerPorts the controller's port of each member, in the order of their ids
 */
record ClusterMember(int nodeId, String clusterId, List<Integer> controllerPorts) {
    ClusterMember {
        controllerPorts = List.copyOf(controllerPorts);
    }

    int controllerPort() {
        return controllerPorts.get(nodeId - 1);
    }

    /** All members, as the property {@code controller.quorum.voters} names them. */
    String voters(String host) {
        return IntStream.range(0, controllerPorts.size())
                .mapToObj(index -> (index + 1) + "@" + host + ":" + controllerPorts.get(index))
                .collect(Collectors.joining(","));
    }

    /** The member as one argument of a command. */
    String asArgument() {
        return nodeId + "/" + clusterId + "/"
                + controllerPorts.stream().map(String::valueOf).collect(Collectors.joining("+"));
    }

    static ClusterMember ofArgument(String argument) {
        String[] parts = argument.split("/", 3);
        return new ClusterMember(
                Integer.parseInt(parts[0]),
                parts[1],
                Arrays.stream(parts[2].split("\\+")).map(Integer::valueOf).toList());
    }
}

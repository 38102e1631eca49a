package org.brokerhandoff.bench.load;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Outcome of one request. A file contains their number and 23 bytes for each.
 *
 * @param request its number; the first is 0
 * @param status of the answer
 * @param retryAfter whether the answer has {@code Retry-After}
 * @param waitMicros from its due time until it was sent
 * @param answerMicros from when it was sent until it was answered
 */
public record Answer(int request, int status, boolean retryAfter, long waitMicros, long answerMicros) {
    /** From its due time until it was answered. */
    public long micros() {
        return waitMicros + answerMicros;
    }

    static void write(Path file, List<Answer> answers) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(answers.size());
            for (Answer answer : answers) {
                out.writeInt(answer.request);
                out.writeShort(answer.status);
                out.writeBoolean(answer.retryAfter);
                out.writeLong(answer.waitMicros);
                out.writeLong(answer.answerMicros);
            }
        }
    }

    /** The content of a file. */
    public static List<Answer> read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            List<Answer> answers = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                answers.add(new Answer(in.readInt(), in.readShort(), in.readBoolean(), in.readLong(), in.readLong()));
            }
            return answers;
        }
    }
}

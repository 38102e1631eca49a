package org.brokerhandoff.audit.canary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.brokerhandoff.audit.search.PersonSearch;

/** Searches the files below folders. Links are not followed, except where the folder itself is named by one. */
final class FolderSearch {
    private FolderSearch() {}

    /**
     * The folders with links resolved.
     *
     * @throws CannotCheck if one is not a folder, or cannot be read: reported before a canary is sent
     */
    static List<Path> real(List<Path> folders) {
        List<Path> real = new ArrayList<>();
        for (Path folder : folders) {
            try {
                Path path = folder.toRealPath();
                if (!Files.isDirectory(path) || !Files.isReadable(path)) {
                    throw new CannotCheck(folder + " is not a readable folder");
                }
                real.add(path);
            } catch (IOException e) {
                throw new CannotCheck(folder + " is not a readable folder");
            }
        }
        return real;
    }

    static Searched search(List<Path> folders, PersonSearch search) {
        Searched all = Searched.NOTHING;
        for (Path folder : folders) {
            try {
                if (!Files.isDirectory(folder)) {
                    throw new IOException("gone");
                }
                PersonSearch.Result result = search.findInFiles(folder);
                List<PersonSearch.Finding> findings = result.findings().stream()
                        .filter(found -> found.person() == TopicSearch.PERSON)
                        .toList();
                all = all.and(new Searched(
                        0,
                        0,
                        result.files(),
                        result.bytes(),
                        findings.size(),
                        result.unreadable().size(),
                        List.of("folder " + folder + " " + result.files() + " " + result.bytes()),
                        findings.stream()
                                .map(found ->
                                        "file " + found.place() + " at byte " + found.offset() + ", " + found.form())
                                .limit(Searched.MOST_FOUND)
                                .toList()));
            } catch (IOException e) {
                all = all.and(new Searched(0, 0, 0, 0, 0, 1, List.of("folder " + folder + " unreadable"), List.of()));
            }
        }
        return all;
    }
}

package org.brokerhandoff.kafkaui;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/**
 * A class loader as Kafka UI makes one for each serde: what its jar has comes from there, before the parent is asked. The parent here has
 * only what every Kafka UI has, so that nothing is found by accident among this test's classes.
 */
final class ChildFirst extends URLClassLoader {
    private static final List<String> OF_THE_USER_INTERFACE = List.of("io.kafbat.ui.serde.api.", "org.slf4j.");

    private final ClassLoader userInterface;

    ChildFirst(URL jar, ClassLoader userInterface) {
        super(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
        this.userInterface = userInterface;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            if (!name.startsWith("java.")) {
                try {
                    return findClass(name);
                } catch (ClassNotFoundException e) {
                    // The parent is asked next.
                    if (OF_THE_USER_INTERFACE.stream().anyMatch(name::startsWith)) {
                        return userInterface.loadClass(name);
                    }
                }
            }
            return super.loadClass(name, resolve);
        }
    }
}

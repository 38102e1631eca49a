/**
 * The main job in one process: a real Kafka broker, ingest, router, sandbox brokers, sample signups, and the proof. For trying the
 * system out; nothing of it runs in production.
 */
@NullMarked
package org.brokerhandoff.quickstart;

import org.jspecify.annotations.NullMarked;

/**
 * Authentication: API keys, their scopes and their file.
 *
 * <p>Only digests of keys are known here. No HTTP.
 */
@NullMarked
package org.brokerhandoff.ingest.authentication;

import org.jspecify.annotations.NullMarked;

/** What a browser sends and what ingest is sent for it: pure, no HTTP. What a person wrote stays bytes here, and is overwritten. */
@NullMarked
package org.brokerhandoff.website.form;

import org.jspecify.annotations.NullMarked;

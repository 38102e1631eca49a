/**
 * A sample website in front of the ingest service: registration, status, withdrawal, contact form and cookie choices. Started by the
 * quickstart; knows ingest by its HTTP interface only, as a real website does. Nothing of a person is kept here.
 */
@NullMarked
package org.brokerhandoff.website;

import org.jspecify.annotations.NullMarked;

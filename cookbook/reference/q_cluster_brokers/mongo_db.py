"""mongo_db: the database of MongoDB that holds the queue.

>>> from cookbook.reference.q_cluster import readers
>>> from cookbook.reference.q_cluster_brokers import chosen
>>> from cookbook.reference.q_cluster_brokers.mongo import place
>>> place(mongo={"host": "127.0.0.1"}, mongo_db="queue")
'127.0.0.1:27017 queue.shop'

It wins over the database in the address; without both it is `django-q`:

>>> place(mongo={"host": "mongodb://127.0.0.1/website"}, mongo_db="queue")
'127.0.0.1:27017 queue.shop'
>>> place(mongo={"host": "mongodb://127.0.0.1/website"}, mongo_db=None)
'127.0.0.1:27017 website.shop'
>>> place(mongo={"host": "127.0.0.1"}, mongo_db="")
'127.0.0.1:27017 django-q.shop'

At the edges:

>>> place(mongo={"host": "127.0.0.1"}, mongo_db=7)
"TypeError: name must be an instance of str, not <class 'int'>"
>>> place(mongo={"host": "127.0.0.1"}, mongo_db="web.queue")
"InvalidName: database names cannot contain the character '.'"

Without `mongo` it chooses nothing:

>>> chosen(mongo_db="queue")
'Redis'

Who reads it:

>>> readers("mongo_db")
['brokers/mongo.py']
"""
